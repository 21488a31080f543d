# The connection ends in the middle of a reply: what came so far is no reply.
run   check_mail_smtp -H localhost -p @PORT@
S+    220-half\r\n220 ha
close
exit  2
out   SMTP CRITICAL - banner: closed: *
