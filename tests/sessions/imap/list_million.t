# One entry more than a listing may have.
file  pass
	hunter2secret
run   check_mail_imap -H localhost -p @PORT@ --tls=none -U probe --password-file=@DIR@/pass --list -t 30
S     * OK [CAPABILITY IMAP4rev1 SASL-IR AUTH=PLAIN] ready
C     a1 AUTHENTICATE PLAIN *
S     a1 OK [CAPABILITY IMAP4rev1 NAMESPACE UIDPLUS IDLE QUOTA ESEARCH] logged in
skip  bytes: a million lines in segments of a byte take minutes
C     a2 LIST "" "*"
fill  1000001 * LIST () "/" x\r\n
S     a2 OK done
may   * LOGOUT
within 20
exit  2
out   IMAP CRITICAL - list: protocol: *
