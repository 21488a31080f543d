# All sizes and dates.
file  pass
	hunter2secret
run   check_mail_imap -H localhost -p @PORT@ --tls=none -U probe --password-file=@DIR@/pass --sizes -o json
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
C     a3 UID FETCH 1:* (UID RFC822.SIZE INTERNALDATE)
S     * 1 FETCH (UID 7 RFC822.SIZE 100 INTERNALDATE "17-Jul-1996 02:44:25 -0700")
S     * 2 FETCH (INTERNALDATE " 1-Jan-2020 00:00:00 +0000" RFC822.SIZE 3000 UID 9)
S     * 3 FETCH (FLAGS (\Seen) RFC822.SIZE 50 UID 119 INTERNALDATE "02-Feb-2021 10:00:00 +0100")
S     a3 OK done
C     a4 LOGOUT
S     * BYE bye
S     a4 OK done
exit  0
json  facts.size_bytes=3150
json  facts.largest_bytes=3000
json  facts.oldest_age_seconds>900000000
json  facts.newest_age_seconds>100000000
json  values.oldest_age>900000000
json  values.newest_age<900000000
json  values.sizes>0
