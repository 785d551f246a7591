"""Ruby and PHP."""

from __future__ import annotations

from world.tools.projects.project import Project

RUBY = Project(
    'ruby',
    {
        'basket.rb': "class Basket\n  attr_reader :prices\n\n  def initialize\n    @prices = []\n  end\n\n  def total_price\n    prices.sum\n  end\nend\n",
        'voucher.rb': "require_relative 'basket'\n\nbasket = Basket.new\nbasket.prices.push(12, 30)\nputs \"walnut costs #{basket.total_price}\"\n",
        'parcel.rb': "def weigh_parcel(parts)\n  parts.length\nend\n\nweigh_parcel(nil)\n",
        'lantern.rb': "def light(lantern\n  puts 'lit'\nend\n",
        'courier.rb': "require 'walnut_pantry'\n",
        'cobalt.rb': "raise ArgumentError, 'cobalt must be positive'\n",
        'spec/basket_spec.rb': "require_relative '../basket'\n\nRSpec.describe Basket do\n  it 'is empty at first' do\n    expect(Basket.new.total_price).to eq(0)\n  end\n\n  it 'adds up the prices' do\n    basket = Basket.new\n    basket.prices.push(3, 4)\n    expect(basket.total_price).to eq(7)\n  end\nend\n",
        'test/test_basket.rb': "require 'minitest/autorun'\nrequire_relative '../basket'\n\nclass TestBasket < Minitest::Test\n  def test_total_price\n    assert_equal 0, Basket.new.total_price\n  end\n\n  def test_empty_basket\n    assert_empty Basket.new.prices\n  end\nend\n",
        'Rakefile': "task :walnut do\n  puts 'cracking the walnut'\nend\n\ntask :lantern do\n  raise 'the lantern is out of oil'\nend\n",
    },
    """
ruby voucher.rb ## run_ok | output=walnut costs 42
ruby parcel.rb ## run_error | error=NoMethodError
ruby lantern.rb ## run_error | error=syntax error
ruby courier.rb ## run_error | error=LoadError
ruby cobalt.rb ## run_error | error=ArgumentError
ruby walnut.rb ## run_error | error=No such file or directory
ruby -e "puts 3 * 14" ## run_ok | output=42
ruby --version
rspec ## tests_pass | count=2
rspec --format documentation ## tests_pass | count=2
rspec spec/basket_spec.rb -fd ## tests_pass | count=2
ruby test/test_basket.rb ## tests_pass | count=2 | @minitest
rake walnut ## run_ok | output=cracking the walnut
rake lantern ## run_error | error=the lantern is out of oil
rake -T
rake cobalt ## run_error | error=Don't know how to build task 'cobalt'
!sed -i 's/eq(7)/eq(8)/' spec/basket_spec.rb; sed -i 's/assert_equal 0/assert_equal 3/' test/test_basket.rb
rspec ## tests_fail | test=adds up the prices
rspec --format documentation ## tests_fail | test=adds up the prices
ruby test/test_basket.rb ## tests_fail | test=test_total_price | @minitest
rubocop --only Style/StringLiterals,Layout voucher.rb ## build_ok | _any=1
rubocop parcel.rb ## build_error | error=Style/FrozenStringLiteralComment | _any=1
""",
)

PHP = Project(
    'php and lua',
    {
        'basket.php': "<?php\nfunction totalPrice(array $prices): int\n{\n    return array_sum($prices);\n}\n\necho 'walnut costs ', totalPrice([12, 30]), PHP_EOL;\n",
        'parcel.php': "<?php\necho weighParcel(3);\n",
        'lantern.php': "<?php\necho 'lit'\necho 'walnut';\n",
        'cobalt.php': "<?php\nthrow new InvalidArgumentException('cobalt must be positive');\n",
        'tests/BasketTest.php': "<?php\nuse PHPUnit\\Framework\\TestCase;\n\nfinal class BasketTest extends TestCase\n{\n    public function testTotalPrice(): void\n    {\n        $this->assertSame(7, 3 + 4);\n    }\n\n    public function testApplyVoucher(): void\n    {\n        $this->assertSame(180, 200 - 20);\n    }\n}\n",
        'public/index.php': "<?php echo 'walnut';\n",
        'basket.lua': "local prices = { 12, 30 }\nlocal sum = 0\nfor _, price in ipairs(prices) do\n  sum = sum + price\nend\nprint('walnut costs ' .. sum)\n",
        'parcel.lua': "local parts = nil\nprint(#parts)\n",
        'lantern.lua': "print('lit'\n",
        'spec/basket_spec.lua': "describe('basket', function()\n  it('adds up the prices', function()\n    assert.are.equal(7, 3 + 4)\n  end)\n  it('is empty at first', function()\n    assert.are.equal(0, 0)\n  end)\nend)\n",
        'walnut.pl': "use strict;\nmy %pantry = (walnut => 12);\nprint \"$_: $pantry{$_}\\n\" for keys %pantry;\n",
        'cobalt.pl': "use strict;\n$cobalt = 3;\n",
    },
    """
php basket.php ## run_ok | output=walnut costs 42
php parcel.php ## run_error | error=Call to undefined function
php lantern.php ## run_error | error=syntax error
php cobalt.php ## run_error | error=InvalidArgumentException
php walnut.php ## run_error | error=Could not open input file
php -l basket.php ## build_ok
php -l lantern.php ## build_error | error=Errors parsing lantern.php
php -r "echo 3 * 14;" ## run_ok | output=42
php --version
php -S localhost:8090 -t public ## server_start | port=8090 | _ready=started | _do=curl -s localhost:8090/ ;; curl -s localhost:8090/walnut.css
phpunit tests ## tests_pass | count=2
phpunit --testdox tests ## tests_pass | count=2
!sed -i 's/3 + 4/3 + 5/' tests/BasketTest.php
phpunit tests ## tests_fail | test=testTotalPrice
lua basket.lua ## run_ok | output=walnut costs 42
lua parcel.lua ## run_error | error=attempt to get length of a nil value
lua lantern.lua ## run_error | error=')' expected
lua walnut.lua ## run_error | error=cannot open walnut.lua
busted ## tests_pass | count=2
busted -o TAP ## command
!sed -i 's/3 + 4/3 + 5/' spec/basket_spec.lua
busted ## tests_fail | test=adds up the prices
perl walnut.pl ## run_ok | output=walnut: 12
perl cobalt.pl ## run_error | error=Global symbol "$cobalt" requires explicit package name
perl -e 'print 3 * 14, "\\n"' ## run_ok | output=42
perl parcel.pl ## run_error | error=Can't open perl script
""",
)
