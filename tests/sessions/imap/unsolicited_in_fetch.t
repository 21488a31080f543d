# In the midst of FETCH, flags of the very message among it.
file  pass
	hunter2secret
run   check_mail_imap -H localhost -p @PORT@ --tls=none -U probe --password-file=@DIR@/pass --fetch=9 -o json
S     * OK [CAPABILITY IMAP4rev1 SASL-IR AUTH=PLAIN] ready
C     a1 AUTHENTICATE PLAIN *
S     a1 OK [CAPABILITY IMAP4rev1 NAMESPACE UIDPLUS IDLE QUOTA ESEARCH] logged in
C     a2 EXAMINE "INBOX"
S     * FLAGS (\Answered \Flagged \Deleted \Seen \Draft)
S     * 3 EXISTS
S     * 0 RECENT
S     * OK [UIDVALIDITY 1385659421] ok
S     * OK [UIDNEXT 120] ok
S     a2 OK [READ-ONLY] done
C     a3 UID FETCH 9 (UID RFC822.SIZE BODY.PEEK[])
S     * 5 EXISTS
S     * 2 FETCH (FLAGS (\Seen) UID 9)
S     * 3 FETCH (FLAGS ())
S     * 2 FETCH (UID 9 RFC822.SIZE 5 BODY[] {5}
S     hello)
S     * 3 FETCH (FLAGS (\Seen))
S     a3 OK done
C     a4 LOGOUT
S     * BYE bye
S     a4 OK done
exit  0
json  facts.message_size=5
