# The message stalls half way; the rest of it comes when the time for it is over. Our mailbox is deleted all the same.
file  pass
	hunter2secret
run   check_mail_imap -H localhost -p @PORT@ --tls=none -U probe --password-file=@DIR@/pass --append -t 3
S     * OK [CAPABILITY IMAP4rev1 SASL-IR AUTH=PLAIN] ready
C     a1 AUTHENTICATE PLAIN *
S     a1 OK [CAPABILITY IMAP4rev1 NAMESPACE UIDPLUS IDLE QUOTA] logged in
C     a2 EXAMINE "INBOX"
S     * 3 EXISTS
S     a2 OK [READ-ONLY] done
C     a3 NAMESPACE
S     * NAMESPACE (("" "/")) NIL NIL
S     a3 OK done
C     a4 LIST "" "mailprobe-*"
S     a4 OK done
keep  NAME a5 CREATE "mailprobe-*-*-*-*"
S     a5 OK done
C     a6 APPEND "mailprobe-@NAME@" {*}
literal
C
S     a6 OK done
C     a7 SELECT "mailprobe-@NAME@"
S     * 1 EXISTS
S     a7 OK [READ-WRITE] done
C     a8 UID FETCH 1:* (UID RFC822.SIZE BODY.PEEK[])
S     * 1 FETCH (UID 1 RFC822.SIZE @LITERALSIZE@ BODY[] {@LITERALSIZE@}
S+    Date: \r\n
C~    a* DELETE "mailprobe-@NAME@"
exit  2
out   IMAP CRITICAL - fetch: timeout: *
