# Two mailboxes: the first is called messages, and each by its name.
file  pass
	hunter2secret
run   check_mail_imap -H localhost -p @PORT@ --tls=none -U probe --password-file=@DIR@/pass --examine=INBOX --select=Archive/2026 -o json
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
C     a3 SELECT "Archive/2026"
S     * FLAGS (\Answered \Flagged \Deleted \Seen \Draft)
S     * 7 EXISTS
S     * 0 RECENT
S     * OK [UIDVALIDITY 1385659421] ok
S     * OK [UIDNEXT 120] ok
S     a3 OK [READ-WRITE] done
C     a4 LOGOUT
S     * BYE bye
S     a4 OK done
exit  0
json  values.messages=3
json  values["messages[INBOX]"]=3
json  values["messages[Archive/2026]"]=7
json  phases[*].name=select_2
