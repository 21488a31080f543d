# The connection ends in the middle of a reply: what came so far is no reply.
run   check_mail_pop3 -H localhost -p @PORT@ --tls=starttls --ca-file=@CA@
S     +OK mx.test ready
C     CAPA
S     +OK capabilities
S     STLS
S     .
C     STLS
S+    +OK
close
exit  2
out   POP3 CRITICAL - starttls: closed: *
