# A bare CR within a line would let a line look like two.
run   check_mail_smtp -H localhost -p @PORT@ -v
S+    554 no\rSMTP OK - all is well\r\n
may   QUIT
exit  2
not   SMTP OK*
