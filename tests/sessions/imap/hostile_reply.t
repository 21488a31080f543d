# The same in the reply that makes the verdict.
run   check_mail_imap -H localhost -p @PORT@ -vv
skip  json: in JSON a bar is a character like any other
S+    * BYE go|away \x1b[31m\xff\xfe "quoted" \\ back\r\n
close
exit  2
out   IMAP CRITICAL - banner: rejected: *
not   *go|away*
