# The password on the command line: wiped before anybody is spoken to.
run   check_mail_pop3 -H localhost -p @PORT@ --tls=none -U probe -P hunter2secret -vv
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
out   POP3 OK - 2 messages in *
secret hunter2secret
