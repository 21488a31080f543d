# A bare CR within a line would let a line look like two.
run   check_mail_imap -H localhost -p @PORT@ -v
S+    * BYE no\rIMAP OK - all is well\r\n
close
exit  2
not   IMAP OK*
