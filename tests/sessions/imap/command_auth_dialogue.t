# A login in three lines: what answers a challenge has no tag, and is a secret.
run   check_mail_imap -H localhost -p @PORT@ -vv -E -s 'x1 AUTHENTICATE LOGIN\r\n{base64 probe}\r\n{base64 hunter2secret}' -e OK
S     * OK [CAPABILITY IMAP4rev1] ready
C     x1 AUTHENTICATE LOGIN
S     + {base64 Username:}
C     {base64 probe}
S     + {base64 Password:}
C     {base64 hunter2secret}
S     x1 OK hunter2secret it is
C     a1 LOGOUT
S     * BYE bye
S     a1 OK done
exit  0
secret hunter2secret
