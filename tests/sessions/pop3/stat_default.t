# With credentials the maildrop is counted by STAT where nothing else is asked for.
file  pass
	hunter2secret
run   check_mail_pop3 -H localhost -p @PORT@ --tls=none -U probe --password-file=@DIR@/pass -o json
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
C     STAT
S     +OK 2 320
C     QUIT
S     +OK bye
exit  0
json  facts.messages=2
json  facts.size_bytes=320
json  values.messages=2
json  values.size_bytes=320
json  facts.auth_mechanism=user
json  phases[*].name=stat
json  summary=2 messages in *
secret hunter2secret
