# The connection ends in the middle of a reply: what came so far is no reply.
run   check_mail_pop3 -H localhost -p @PORT@
S+    +OK
close
exit  2
out   POP3 CRITICAL - banner: closed: *
