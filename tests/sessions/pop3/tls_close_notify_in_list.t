# A proper end of TLS is no proper end of a list.
run   check_mail_pop3 -H localhost -p @PORT@ --tls=implicit --ca-file=@CA@
tls
S     +OK mx.test ready
C     CAPA
S     +OK
S     USER
close
exit  2
out   POP3 CRITICAL - capa: closed: *
