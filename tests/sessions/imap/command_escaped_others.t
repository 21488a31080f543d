# Tab and backslash.
run   check_mail_imap -H localhost -p @PORT@ -E -s 'x1 X\tY\\Z'
S     * OK [CAPABILITY IMAP4rev1] ready
C+    x1 X\tY\\Z\r\n
S     x1 BAD what
C     a1 LOGOUT
S     * BYE bye
S     a1 OK done
exit  0
