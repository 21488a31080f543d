# A leftover that another run has just removed, on a server that says so without a code (Courier): nothing is wrong.
file  pass
	hunter2secret
run   check_mail_imap -H localhost -p @PORT@ --tls=none -U probe --password-file=@DIR@/pass --cycle
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
S     * LIST () "/" "mailprobe-5f000000-1-2-3"
S     a4 OK done
keep  NAME a5 CREATE "mailprobe-*-*-*-*"
S     a5 OK done
C     a6 RENAME "mailprobe-@NAME@" "mailprobe-@NAME@-renamed"
S     a6 OK done
C     a7 DELETE "mailprobe-@NAME@-renamed"
S     a7 OK done
C     a8 DELETE "mailprobe-5f000000-1-2-3"
S     a8 NO Unable to delete this folder.
C     a9 LOGOUT
S     * BYE bye
S     a9 OK done
exit  0
