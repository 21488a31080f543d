# A message of a terabyte is one.
file  pass
	hunter2secret
run   check_mail_pop3 -H localhost -p @PORT@ --tls=none -U probe --password-file=@DIR@/pass --list -o json
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
S     1 1099511627776
S     .
C     QUIT
S     +OK bye
exit  0
json  facts.size_bytes=1099511627776
secret hunter2secret
