# A name of a hundred thousand octets is never held.
file  pass
	hunter2secret
run   check_mail_imap -H localhost -p @PORT@ --tls=none -U probe --password-file=@DIR@/pass --list
S     * OK [CAPABILITY IMAP4rev1 SASL-IR AUTH=PLAIN] ready
C     a1 AUTHENTICATE PLAIN *
S     a1 OK [CAPABILITY IMAP4rev1 NAMESPACE UIDPLUS IDLE QUOTA ESEARCH] logged in
skip  bytes: a hundred thousand segments show nothing that ten do not
C     a2 LIST "" "*"
S     * LIST () "/" {100000}
fill  100000 x
S
S     a2 OK done
may   * LOGOUT
exit  2
out   IMAP CRITICAL - list: protocol: *
