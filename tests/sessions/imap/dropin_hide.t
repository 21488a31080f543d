# -j: no words of the server in the output.
run   check_mail_imap -H localhost -p @PORT@ -j
S     * BYE the secret of the abbey
close
exit  2
out   IMAP CRITICAL - banner: rejected*
not   *abbey*
