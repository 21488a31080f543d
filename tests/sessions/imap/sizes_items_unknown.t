# Nested lists, strings with parentheses, literals among the items.
file  pass
	hunter2secret
run   check_mail_imap -H localhost -p @PORT@ --tls=none -U probe --password-file=@DIR@/pass --sizes -o json
S     * OK [CAPABILITY IMAP4rev1 SASL-IR AUTH=PLAIN] ready
C     a1 AUTHENTICATE PLAIN *
S     a1 OK [CAPABILITY IMAP4rev1 NAMESPACE UIDPLUS IDLE QUOTA ESEARCH] logged in
C     a2 EXAMINE "INBOX"
S     * FLAGS (\Answered \Flagged \Deleted \Seen \Draft)
S     * 1 EXISTS
S     * 0 RECENT
S     * OK [UIDVALIDITY 1385659421] ok
S     * OK [UIDNEXT 120] ok
S     a2 OK [READ-ONLY] done
C     a3 UID FETCH 1:* (UID RFC822.SIZE INTERNALDATE)
S     * 1 FETCH (X-GM-LABELS ("a)b" (c (d)) NIL) UID 7 MODSEQ (12) ENVELOPE ("Wed" {4}
S     a"b( (("x" NIL "y" "z")) NIL) RFC822.SIZE 100 BODY[HEADER.FIELDS (SUBJECT)] "x" BODY[1.2]<0.5> {3}
S     abc BINARY.SIZE[1] 5 INTERNALDATE "17-Jul-1996 02:44:25 -0700")
S     a3 OK done
C     a4 LOGOUT
S     * BYE bye
S     a4 OK done
exit  0
json  facts.size_bytes=100
