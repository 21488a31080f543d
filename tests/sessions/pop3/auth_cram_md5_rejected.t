# The server finds the digest wrong, and says it back.
file  pass
	hunter2secret
run   check_mail_pop3 -H localhost -p @PORT@ --tls=none -U probe --password-file=@DIR@/pass --auth=CRAM-MD5 -vv
S     +OK mx.test ready
C     CAPA
S     +OK capabilities
S     SASL CRAM-MD5
S     .
cram-md5 probe anotherone reject
S     -ERR [AUTH] @PROOF@ is wrong
C     QUIT
S     +OK bye
exit  2
out   POP3 CRITICAL - auth: auth_rejected: *
not   *@PROOF@*
secret hunter2secret
