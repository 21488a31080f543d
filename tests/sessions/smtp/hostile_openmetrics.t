# The same in the text format.
run   check_mail_smtp -H localhost -p @PORT@ -o openmetrics
S+    554 go|away \x1b[31m\xff\xfe "quoted" \\ back\r\n
C     QUIT
S     221 2.0.0 bye
exit  2
out+  *rejected*
