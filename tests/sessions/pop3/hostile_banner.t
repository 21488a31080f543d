# Escape sequences, a bar, markup and broken UTF-8 reach no output raw.
skip  json: in JSON a bar is a character like any other
run   check_mail_pop3 -H localhost -p @PORT@ -vv -e sesame
S+    +OK mx|x=1;2;3 \x1b[31mred\x1b[0m \x07 \x9b2J <script>alert(1)</script> \xc0\xaf %s%n\r\n
C     CAPA
S+    +OK\r\nX-\x1b]0;title\x07 a|b\r\n.\r\n
C     QUIT
S     +OK bye
exit  1
out   POP3 WARNING - banner: unexpected: *
not   *mx|x=*
