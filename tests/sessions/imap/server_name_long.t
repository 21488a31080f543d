# --server-name is its other name.
run   check_mail_imap -H localhost -p @PORT@ --tls=implicit --ca-file=@CA@ --server-name=a.wild.test
tls   cert=wildcard
sni   a.wild.test
S     * OK [CAPABILITY IMAP4rev1] ready
C     a1 LOGOUT
S     * BYE bye
S     a1 OK done
exit  0
out   IMAP OK - *
