# EXISTS of the mailbox that is open comes just before another is opened, which then tells no EXISTS.
file  pass
	hunter2secret
run   check_mail_imap -H localhost -p @PORT@ --tls=none -U probe --password-file=@DIR@/pass --examine=INBOX --examine=Other
S     * OK [CAPABILITY IMAP4rev1 SASL-IR AUTH=PLAIN] ready
C     a1 AUTHENTICATE PLAIN *
S     a1 OK [CAPABILITY IMAP4rev1 NAMESPACE UIDPLUS IDLE QUOTA] logged in
C     a2 EXAMINE "INBOX"
S     * 3 EXISTS
S+    a2 OK [READ-ONLY] done\r\n* 4 EXISTS\r\n
C     a3 EXAMINE "Other"
S     a3 OK [READ-ONLY] done
may   * LOGOUT
exit  2
out   IMAP CRITICAL - select_2: protocol: *
