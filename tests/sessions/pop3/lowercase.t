# Letter case does not matter.
file  pass
	hunter2secret
run   check_mail_pop3 -H localhost -p @PORT@ --tls=none -U probe --password-file=@DIR@/pass --stat
S     +ok mx.test
C     CAPA
S     +Ok
S     uidl
S     user
S     .
C     USER probe
S     +oK
C     PASS hunter2secret
S     +ok in
C     STAT
S     +ok 2 320
C     QUIT
S     +OK bye
exit  0
out   POP3 OK - 2 messages in *
secret hunter2secret
