# One message is told twice: EXISTS says three, four come.
file  pass
	hunter2secret
run   check_mail_imap -H localhost -p @PORT@ --tls=none -U probe --password-file=@DIR@/pass --sizes
S     * OK [CAPABILITY IMAP4rev1 SASL-IR AUTH=PLAIN] ready
C     a1 AUTHENTICATE PLAIN *
S     a1 OK [CAPABILITY IMAP4rev1 NAMESPACE UIDPLUS IDLE QUOTA] logged in
C     a2 EXAMINE "INBOX"
S     * 3 EXISTS
S     * OK [UIDVALIDITY 1385659421] ok
S     a2 OK [READ-ONLY] done
C     a3 UID FETCH 1:* (UID RFC822.SIZE INTERNALDATE)
S     * 1 FETCH (UID 7 RFC822.SIZE 100 INTERNALDATE "17-Jul-1996 02:44:25 -0700")
S     * 2 FETCH (UID 8 RFC822.SIZE 100 INTERNALDATE "17-Jul-1996 02:44:25 -0700")
S     * 3 FETCH (UID 9 RFC822.SIZE 100 INTERNALDATE "17-Jul-1996 02:44:25 -0700")
S     * 3 FETCH (UID 9 RFC822.SIZE 100 INTERNALDATE "17-Jul-1996 02:44:25 -0700")
S     a3 OK done
may   * LOGOUT
exit  2
out   IMAP CRITICAL - sizes: protocol: *
