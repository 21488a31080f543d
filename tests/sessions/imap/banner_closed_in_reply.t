# The connection ends in the middle of the greeting.
run   check_mail_imap -H localhost -p @PORT@
S+    * OK rea
close
exit  2
out   IMAP CRITICAL - banner: closed: *
