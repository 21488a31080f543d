# Nor where all is well.
run   check_mail_imap -H localhost -p @PORT@ -j -e abbey
S     * OK [CAPABILITY IMAP4rev1] the secret of the abbey
C     a1 LOGOUT
S     * BYE bye
S     a1 OK done
exit  0
not   *abbey*
