# Two listings, two laps.
file  pass
	hunter2secret
run   check_mail_imap -H localhost -p @PORT@ --tls=none -U probe --password-file=@DIR@/pass --list --list=Archive/,% -o json
S     * OK [CAPABILITY IMAP4rev1 SASL-IR AUTH=PLAIN] ready
C     a1 AUTHENTICATE PLAIN *
S     a1 OK [CAPABILITY IMAP4rev1 NAMESPACE UIDPLUS IDLE QUOTA ESEARCH] logged in
C     a2 LIST "" "*"
S     * LIST () "/" INBOX
S     * LIST () "/" Archive
S     a2 OK done
C     a3 LIST "Archive/" "%"
S     * LIST () "/" Archive/2026
S     a3 OK done
C     a4 EXAMINE "INBOX"
S     * FLAGS (\Answered \Flagged \Deleted \Seen \Draft)
S     * 3 EXISTS
S     * 0 RECENT
S     * OK [UIDVALIDITY 1385659421] ok
S     * OK [UIDNEXT 120] ok
S     a4 OK [READ-ONLY] done
C     a5 LOGOUT
S     * BYE bye
S     a5 OK done
exit  0
json  phases[*].name=list
json  phases[*].name=list_2
json  values.list_2>0
