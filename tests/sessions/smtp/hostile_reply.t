# The same in the reply that makes the verdict.
skip  json: in JSON a bar is a character like any other
run   check_mail_smtp -H localhost -p @PORT@ -vv
S+    554 go|away \x1b[31m\xff\xfe "quoted" \\ back\r\n
C     QUIT
S     221 2.0.0 bye
exit  2
out   SMTP CRITICAL - banner: rejected: *
not   *go|away*
