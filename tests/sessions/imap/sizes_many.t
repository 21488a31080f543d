# A hundred thousand messages.
file  pass
	hunter2secret
run   check_mail_imap -H localhost -p @PORT@ --tls=none -U probe --password-file=@DIR@/pass --sizes -t 30 -o json
S     * OK [CAPABILITY IMAP4rev1 SASL-IR AUTH=PLAIN] ready
C     a1 AUTHENTICATE PLAIN *
S     a1 OK [CAPABILITY IMAP4rev1 NAMESPACE UIDPLUS IDLE QUOTA ESEARCH] logged in
C     a2 EXAMINE "INBOX"
S     * FLAGS (\Answered \Flagged \Deleted \Seen \Draft)
S     * 100000 EXISTS
S     * 0 RECENT
S     * OK [UIDVALIDITY 1385659421] ok
S     * OK [UIDNEXT 120] ok
S     a2 OK [READ-ONLY] done
skip  bytes: six million segments show nothing that sixty do not
C     a3 UID FETCH 1:* (UID RFC822.SIZE INTERNALDATE)
fill  100000 * @I@ FETCH (UID @I@ RFC822.SIZE 10 INTERNALDATE "17-Jul-1996 02:44:25 -0700")\r\n
S     a3 OK done
C     a4 LOGOUT
S     * BYE bye
S     a4 OK done
within 10
exit  0
json  facts.size_bytes=1000000
