# The server finds the digest wrong, and says it back.
file  pass
	hunter2secret
run   check_mail_pop3 -H localhost -p @PORT@ --tls=none -U probe --password-file=@DIR@/pass -vv
S     +OK mx.test <1896.697170952@mx.test> ready
C     CAPA
S     +OK capabilities
S     USER
S     UIDL
S     TOP
S     .
apop  probe anotherone reject
S     -ERR [AUTH] @PROOF@ is wrong
exit  2
out   POP3 CRITICAL - auth: auth_rejected: *
not   *@PROOF@*
secret hunter2secret
