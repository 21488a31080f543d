# Though it stood in an earlier one.
file  pass
	hunter2secret
run   check_mail_pop3 -H localhost -p @PORT@ --tls=none -U probe --password-file=@DIR@/pass --require=X-BEFORE
S     +OK mx.test ready
C     CAPA
S     +OK capabilities
S     USER
S     X-BEFORE
S     .
C     USER probe
S     +OK
C     PASS hunter2secret
S     +OK logged in
C     CAPA
S     +OK capabilities
S     USER
S     .
C     STAT
S     +OK 2 320
C     QUIT
S     +OK bye
exit  2
out   POP3 CRITICAL - capa_2: capability_missing: *
secret hunter2secret
