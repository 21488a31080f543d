# A NUL byte is no text.
run   check_mail_imap -H localhost -p @PORT@
S+    * OK rea\0dy\r\n
may   * LOGOUT
exit  2
out   IMAP CRITICAL - banner: protocol: *
