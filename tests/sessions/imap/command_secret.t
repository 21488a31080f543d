# A login by -s is a secret like any other.
run   check_mail_imap -H localhost -p @PORT@ -s 'x1 LOGIN probe hunter2secret' -e OK -vv
S     * OK [CAPABILITY IMAP4rev1] ready
C     x1 LOGIN probe hunter2secret
S     x1 NO hunter2secret is wrong, {base64 hunter2secret}
C     a1 LOGOUT
S     * BYE bye
S     a1 OK done
exit  0
secret hunter2secret
