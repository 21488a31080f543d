# The list.
file  pass
	hunter2secret
run   check_mail_imap -H localhost -p @PORT@ --tls=none -U probe --password-file=@DIR@/pass --until=list --list --search=ALL
S     * OK [CAPABILITY IMAP4rev1 SASL-IR AUTH=PLAIN] ready
C     a1 AUTHENTICATE PLAIN *
S     a1 OK [CAPABILITY IMAP4rev1 NAMESPACE UIDPLUS IDLE QUOTA ESEARCH] logged in
C     a2 LIST "" "*"
S     * LIST () "/" INBOX
S     a2 OK done
C     a3 LOGOUT
S     * BYE bye
S     a3 OK done
exit  0
out   IMAP OK - *
