# Escape sequences, a bar, markup and broken UTF-8 reach no output raw.
run   check_mail_imap -H localhost -p @PORT@ -vv -e nothing
skip  json: in JSON a bar is a character like any other
S+    * OK [CAPABILITY IMAP4rev1] mx|x=1;2;3 \x1b[31mred\x1b[0m \x07 \x9b2J <script>alert(1)</script> \xc0\xaf %s%n\r\n
C     a1 LOGOUT
S     * BYE bye
S     a1 OK done
exit  1
out   IMAP WARNING - banner: unexpected: *
not   *mx|x=*
