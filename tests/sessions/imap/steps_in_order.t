# Steps run in the order in which they were written.
file  pass
	hunter2secret
run   check_mail_imap -H localhost -p @PORT@ --tls=none -U probe --password-file=@DIR@/pass --list --search=ALL --status=Archive --idle --examine=Archive --search=UNSEEN -o json
S     * OK [CAPABILITY IMAP4rev1 SASL-IR AUTH=PLAIN] ready
C     a1 AUTHENTICATE PLAIN *
S     a1 OK [CAPABILITY IMAP4rev1 NAMESPACE UIDPLUS IDLE QUOTA ESEARCH] logged in
C     a2 LIST "" "*"
S     * LIST () "/" INBOX
S     a2 OK done
C     a3 EXAMINE "INBOX"
S     * FLAGS (\Answered \Flagged \Deleted \Seen \Draft)
S     * 3 EXISTS
S     * 0 RECENT
S     * OK [UIDVALIDITY 1385659421] ok
S     * OK [UIDNEXT 120] ok
S     a3 OK [READ-ONLY] done
C     a4 UID SEARCH RETURN (COUNT) ALL
S     * ESEARCH (TAG "a4") UID COUNT 3
S     a4 OK done
C     a5 STATUS "Archive" *
S     * STATUS Archive (MESSAGES 9 UNSEEN 0)
S     a5 OK done
C     a6 IDLE
S     + idling
C     DONE
S     a6 OK done
C     a7 EXAMINE "Archive"
S     * FLAGS (\Answered \Flagged \Deleted \Seen \Draft)
S     * 9 EXISTS
S     * 0 RECENT
S     * OK [UIDVALIDITY 1385659421] ok
S     * OK [UIDNEXT 120] ok
S     a7 OK [READ-ONLY] done
C     a8 UID SEARCH RETURN (COUNT) UNSEEN
S     * ESEARCH (TAG "a8") UID COUNT 1
S     a8 OK done
C     a9 LOGOUT
S     * BYE bye
S     a9 OK done
exit  0
json  state=OK
