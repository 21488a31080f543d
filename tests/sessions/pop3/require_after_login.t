# The list after the login is what counts, and is asked for.
file  pass
	hunter2secret
run   check_mail_pop3 -H localhost -p @PORT@ --tls=none -U probe --password-file=@DIR@/pass --require=EXPIRE
S     +OK mx.test ready
C     CAPA
S     +OK capabilities
S     USER
S     .
C     USER probe
S     +OK
C     PASS hunter2secret
S     +OK logged in
C     CAPA
S     +OK capabilities
S     EXPIRE 60
S     .
C     STAT
S     +OK 2 320
C     QUIT
S     +OK bye
exit  0
out   POP3 OK - 2 messages in *
out+  *time_capa=0*time_capa_2=0*
secret hunter2secret
