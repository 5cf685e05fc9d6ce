# Perl: `perl benchmarks/peers/plain.pl TASK FILE INTO`: unpack, Encode, a hash a list. Nothing is validated.
# TASK is what task.py prints: tab-separated lines: field NAME BYTES ZONED, column FIELD WORD ARGUMENT, code LIST FROM TO.
use strict; use warnings; use utf8;
use Encode qw(decode);
my ($task, $file, $into) = @ARGV;
my (@names, @zoned, @columns, @extra, %codes, $template, %titles);
open(my $told, '<:encoding(UTF-8)', $task) or die;
while (<$told>) {
    chomp; my ($what, @rest) = split /\t/, $_, -1;
    if ($what eq 'field') { push @names, $rest[0]; $template .= "a$rest[1]"; push @zoned, $#names if $rest[2]; }
    elsif ($what eq 'column') { push @columns, [@rest]; }
    elsif ($what eq 'extra') { push @extra, [@rest]; }
    elsif ($what eq 'title') { $titles{$rest[0]} = $rest[1]; }
    else { $codes{$rest[0]}{$rest[1]} = $rest[2]; }
}
my %at = map { $names[$_] => $_ } 0 .. $#names;
$_->[0] = $at{$_->[0]} // $_->[0] for @columns, @extra;
my %before = (1 => 1867, 2 => 1911, 3 => 1925, 4 => 1988, 5 => 2018);
my %punched; @punched{split //, '{ABCDEFGHI}JKLMNOPQR'} = map { [$_ % 10, $_ < 10 ? 1 : -1] } 0 .. 19;
sub made {
    my ($fields, $column) = @_;
    my ($field, $word, $argument) = @$column;
    return $argument if $word eq 'constant';
    my $v = $fields->[$field];
    return $v if $word eq '';
    return $codes{$argument}{$v} if $word eq 'code';
    return sprintf("%0*s", $argument, $v) if $word eq 'pad';
    return $v eq $argument ? '1' : '0' if $word eq 'is';
    return '' if $v eq '';
    return substr($v, 0, 4) . '-' . substr($v, 4, 2) . '-' . substr($v, 6, 2) if $word eq 'date';
    return ($before{substr($v, 0, 1)} + substr($v, 1, 2)) . '-' . substr($v, 3, 2) . '-' . substr($v, 5, 2);
}
open(my $source, '<:raw', $file) or die;
open(my $table, '>:encoding(UTF-8)', "$into/table.csv") or die;
open(my $carried, '>:encoding(UTF-8)', "$into/extra.csv") or die;
print $table "$titles{table}\r\n"; print $carried "$titles{extra}\r\n";
while (read($source, my $record, 400) == 400) {
    my @fields = unpack($template, $record);
    for (@fields) { $_ = decode('cp932', $_) if /[^\x00-\x7f]/; s/[ \x{3000}]+$//; }
    for my $i (@zoned) {
        my $last = chop $fields[$i];
        my ($digit, $sign) = exists $punched{$last} ? @{$punched{$last}} : ($last, 1);
        $fields[$i] = $sign * ($fields[$i] . $digit);
    }
    for ([$table, \@columns], [$carried, \@extra]) {
        my ($out, $wanted) = @$_;
        print $out join(',', map { my $v = made(\@fields, $_); $v =~ s/"/""/g; "\"$v\"" } @$wanted) . "\r\n";
    }
}
