# One step later.
file  pass
	hunter2secret
run   check_mail_imap -H localhost -p @PORT@ --tls=none -U probe --password-file=@DIR@/pass --until=capability
S     * OK ready
C     a1 CAPABILITY
S     * CAPABILITY IMAP4rev1 AUTH=PLAIN
S     a1 OK done
C     a2 LOGOUT
S     * BYE bye
S     a2 OK done
exit  0
out   IMAP OK - *
secret hunter2secret
