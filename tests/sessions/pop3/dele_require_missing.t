# The same with a capability.
file  pass
	hunter2secret
run   check_mail_pop3 -H localhost -p @PORT@ --tls=none -U probe --password-file=@DIR@/pass --dele=1 --require=PIPELINING
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
C     CAPA
S     +OK capabilities
S     USER
S     UIDL
S     TOP
S     .
C     DELE 1
S     +OK deleted
C     RSET
S     +OK
C     QUIT
S     +OK bye
exit  2
out   POP3 CRITICAL - capa_2: capability_missing: *
secret hunter2secret
