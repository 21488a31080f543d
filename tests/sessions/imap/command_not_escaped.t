# Without -E a backslash is a backslash.
run   check_mail_imap -H localhost -p @PORT@ -s 'x1 NOOP\r\n'
S     * OK [CAPABILITY IMAP4rev1] ready
C+    x1 NOOP\\r\\n\r\n
S     x1 BAD what
C     a1 LOGOUT
S     * BYE bye
S     a1 OK done
exit  0
