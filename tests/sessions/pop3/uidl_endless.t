# The same for UIDL.
skip  bytes: a million lines, a byte at a time, outlast any deadline
file  pass
	hunter2secret
run   check_mail_pop3 -H localhost -p @PORT@ --tls=none -U probe --password-file=@DIR@/pass --uidl -t 8
S     +OK mx.test ready
C     CAPA
S     +OK capabilities
S     USER
S     UIDL
S     TOP
S     .
C     USER probe
S     +OK
C     PASS hunter2secret
S     +OK logged in
C     UIDL
S     +OK
fill  1000001 @I@ x\r\n
within 6
exit  2
out   POP3 CRITICAL - uidl: protocol: *more than 1,000,000 messages*
secret hunter2secret
