# The login, and no mailbox.
file  pass
	hunter2secret
run   check_mail_imap -H localhost -p @PORT@ --tls=none -U probe --password-file=@DIR@/pass --until=auth --search=ALL
S     * OK [CAPABILITY IMAP4rev1 SASL-IR AUTH=PLAIN] ready
C     a1 AUTHENTICATE PLAIN *
S     a1 OK [CAPABILITY IMAP4rev1 NAMESPACE UIDPLUS IDLE QUOTA ESEARCH] logged in
C     a2 LOGOUT
S     * BYE bye
S     a2 OK done
exit  0
out   IMAP OK - *
