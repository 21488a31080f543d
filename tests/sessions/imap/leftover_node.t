# Of a leftover only a node of the tree remains, as some servers leave it: it goes too.
file  pass
	hunter2secret
run   check_mail_imap -H localhost -p @PORT@ --tls=none -U probe --password-file=@DIR@/pass --cycle
S     * OK [CAPABILITY IMAP4rev1 SASL-IR AUTH=PLAIN] ready
C     a1 AUTHENTICATE PLAIN *
S     a1 OK [CAPABILITY IMAP4rev1 UIDPLUS IDLE QUOTA ESEARCH] logged in
C     a2 EXAMINE "INBOX"
S     * FLAGS (\Answered \Flagged \Deleted \Seen \Draft)
S     * 3 EXISTS
S     * 0 RECENT
S     * OK [UIDVALIDITY 1385659421] ok
S     * OK [UIDNEXT 120] ok
S     a2 OK [READ-ONLY] done
C     a3 LIST "" "mailprobe-*"
S     * LIST (\Noselect) "/" "mailprobe-5f5e1000-deadbeef-1f4-0123456789abcdef"
S     a3 OK done
keep  NAME a4 CREATE "mailprobe-*-*-*-*"
S     a4 OK done
C     a5 RENAME "mailprobe-@NAME@" "mailprobe-@NAME@-renamed"
S     a5 OK done
C     a6 DELETE "mailprobe-@NAME@-renamed"
S     a6 OK done
C     a7 DELETE "mailprobe-5f5e1000-deadbeef-1f4-0123456789abcdef"
S     a7 OK done
C     a8 LOGOUT
S     * BYE bye
S     a8 OK done
exit  0
out   IMAP OK - *
