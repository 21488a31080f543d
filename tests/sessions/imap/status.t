# A mailbox is asked about and not opened.
file  pass
	hunter2secret
run   check_mail_imap -H localhost -p @PORT@ --tls=none -U probe --password-file=@DIR@/pass --status=Archive -o json
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
C     a3 STATUS "Archive" (MESSAGES RECENT UNSEEN UIDNEXT UIDVALIDITY)
S     * STATUS "Archive" (MESSAGES 231 RECENT 1 UNSEEN 7 UIDNEXT 44292 UIDVALIDITY 1)
S     a3 OK done
C     a4 LOGOUT
S     * BYE bye
S     a4 OK done
exit  0
json  facts.messages=231
json  facts.unseen=7
json  facts.recent=1
json  facts.uid_next=44292
json  facts.uid_validity=1
json  values.status>0
