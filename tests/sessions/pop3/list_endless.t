# A listing that never ends is over its limit at the 1,000,001st entry.
skip  bytes: a million lines, a byte at a time, outlast any deadline
file  pass
	hunter2secret
run   check_mail_pop3 -H localhost -p @PORT@ --tls=none -U probe --password-file=@DIR@/pass --list -t 8
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
C     LIST
S     +OK
fill  1000001 @I@ 1\r\n
within 6
exit  2
out   POP3 CRITICAL - list: protocol: *more than 1,000,000 messages*
secret hunter2secret
