# Escape sequences, a bar, markup and broken UTF-8 reach no output raw.
skip  json: in JSON a bar is a character like any other
run   check_mail_smtp -H localhost -p @PORT@ -vv --expect=nothing
S+    220 mx|x=1;2;3 \x1b[31mred\x1b[0m \x07 \x9b2J <script>alert(1)</script> \xc0\xaf %s%n\r\n
C     EHLO *
S+    250-mx.test \x1b]0;title\x07\r\n250 HELP\r\n
C     QUIT
S     221 2.0.0 bye
exit  1
out   SMTP WARNING - banner: unexpected: *
not   *mx|x=*
