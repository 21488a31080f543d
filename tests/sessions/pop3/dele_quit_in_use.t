# QUIT refused: it was the deletion.
file  pass
	hunter2secret
run   check_mail_pop3 -H localhost -p @PORT@ --tls=none -U probe --password-file=@DIR@/pass --dele=1 -o json
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
C     DELE 1
S     +OK deleted
C     QUIT
S     -ERR [IN-USE] some messages not removed
exit  1
json  cause=tempfail
json  phase=quit
json  facts.deleted absent
secret hunter2secret
