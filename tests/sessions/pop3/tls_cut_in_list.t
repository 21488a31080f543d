# An end without close_notify within a list is a cut.
run   check_mail_pop3 -H localhost -p @PORT@ --tls=implicit --ca-file=@CA@
tls   no-notify
S     +OK mx.test ready
C     CAPA
S     +OK
S     USER
close
exit  2
out   POP3 CRITICAL - capa: closed: *
